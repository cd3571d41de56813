//! The S3 operations there are. All others are refused as not implemented.

use async_trait::async_trait;
use s3s::dto::{
    BucketVersioningStatus, CopyObjectInput, CopyObjectOutput, CreateBucketInput,
    CreateBucketOutput, DeleteBucketInput, DeleteBucketOutput, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, GetBucketLocationInput,
    GetBucketLocationOutput, GetBucketVersioningInput, GetBucketVersioningOutput, GetObjectInput,
    GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput,
    ListBucketsInput, ListBucketsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, PutBucketVersioningInput, PutBucketVersioningOutput, PutObjectInput,
    PutObjectOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::copy;
use super::store::Store;
use super::versions::{Attributes, Version};

#[async_trait]
impl S3 for Store {
    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        self.require_place(&bucket, &key)?;
        let said = Attributes {
            content_type: request.input.content_type.clone(),
            metadata: request.input.metadata.clone(),
        };
        let _turn = self.turn.lock().await;
        let mut response = self.files.put_object(request).await?;
        if let Some(e_tag) = &response.output.e_tag {
            let id = self.keep((&bucket, &key), "ObjectCreated:Put", e_tag.value(), said)?;
            response.output.version_id = Some(id);
        }
        Ok(response)
    }

    async fn copy_object(
        &self,
        mut request: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        self.require_place(&bucket, &key)?;
        let _turn = self.turn.lock().await;
        let said = copy::prepare(self, &mut request.input)?;
        self.part(&bucket, &key)?;
        let mut response = self.files.copy_object(request).await?;
        let e_tag = response.output.copy_object_result.as_ref().and_then(|it| it.e_tag.as_ref());
        let e_tag = e_tag.map(|it| it.value().to_owned()).unwrap_or_default();
        let id = self.keep((&bucket, &key), "ObjectCreated:Copy", &e_tag, said)?;
        response.output.version_id = Some(id);
        Ok(response)
    }

    async fn get_object(
        &self,
        mut request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = &mut request.input;
        self.require_bucket(&input.bucket)?;
        let asked = input.version_id.take();
        let _turn = self.turn.lock().await;
        let version = self.locate(&mut input.bucket, &mut input.key, asked.as_deref())?;
        let mut response = self.files.get_object(request).await?;
        let output = &mut response.output;
        if let Some(Version { id, attributes, .. }) = version {
            (output.content_type, output.metadata) = (attributes.content_type, attributes.metadata);
            output.version_id = Some(id);
        }
        Ok(response)
    }

    async fn head_object(
        &self,
        mut request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = &mut request.input;
        self.require_bucket(&input.bucket)?;
        let asked = input.version_id.take();
        let _turn = self.turn.lock().await;
        let version = self.locate(&mut input.bucket, &mut input.key, asked.as_deref())?;
        let mut response = self.files.head_object(request).await?;
        let output = &mut response.output;
        if let Some(Version { id, attributes, .. }) = version {
            (output.content_type, output.metadata) = (attributes.content_type, attributes.metadata);
            output.version_id = Some(id);
        }
        Ok(response)
    }

    /// Leaves a delete marker; the versions stay. Deleting one version is not
    /// something this store does.
    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        if request.input.version_id.is_some() {
            return Err(s3_error!(NotImplemented, "versions are kept here"));
        }
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let _turn = self.turn.lock().await;
        let mut response = self.files.delete_object(request).await?;
        response.output.version_id = Some(self.mark_deleted(&bucket, &key)?);
        response.output.delete_marker = Some(true);
        Ok(response)
    }

    async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let objects = &request.input.delete.objects;
        if objects.iter().any(|it| it.version_id.is_some()) {
            return Err(s3_error!(NotImplemented, "versions are kept here"));
        }
        let bucket = request.input.bucket.clone();
        let keys: Vec<_> = objects.iter().map(|it| it.key.clone()).collect();
        let _turn = self.turn.lock().await;
        let response = self.files.delete_objects(request).await?;
        for key in keys {
            self.mark_deleted(&bucket, &key)?;
        }
        Ok(response)
    }

    /// Every bucket here is versioned.
    async fn get_bucket_versioning(
        &self,
        request: S3Request<GetBucketVersioningInput>,
    ) -> S3Result<S3Response<GetBucketVersioningOutput>> {
        self.require_bucket(&request.input.bucket)?;
        let enabled = BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED);
        let output = GetBucketVersioningOutput { status: Some(enabled), ..Default::default() };
        Ok(S3Response::new(output))
    }

    /// Enabling is what is already so; anything else is refused.
    async fn put_bucket_versioning(
        &self,
        request: S3Request<PutBucketVersioningInput>,
    ) -> S3Result<S3Response<PutBucketVersioningOutput>> {
        self.require_bucket(&request.input.bucket)?;
        match request.input.versioning_configuration.status {
            Some(status) if status.as_str() == BucketVersioningStatus::ENABLED => {
                Ok(S3Response::new(PutBucketVersioningOutput::default()))
            }
            _ => Err(s3_error!(NotImplemented, "every bucket is versioned here")),
        }
    }

    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.files.create_bucket(request).await
    }

    async fn delete_bucket(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<S3Response<DeleteBucketOutput>> {
        self.files.delete_bucket(request).await
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.files.head_bucket(request).await
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.files.get_bucket_location(request).await
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        self.files.list_buckets(request).await
    }

    async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        self.files.list_objects(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(request).await
    }
}
